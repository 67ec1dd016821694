// Bundles the deployed function into one minified file, out/winner.mjs, for `npm run build` and
// `serverless package`. Plain JavaScript, because the Serverless Framework, which loads it too, may
// run on an older Node.
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PROJECT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * The bundle contains the SDK: it starts no later than without (docs/benchmarks.md), and the SDK that is
 * deployed is the one that was tested.
 *
 * @param {import('esbuild').BuildOptions} [overrides]
 * @returns the bundle's size in bytes
 */
export async function bundle(overrides = {}) {
  const { metafile } = await build({
    absWorkingDir: PROJECT,
    entryPoints: ['src/handler/lambda.ts'],
    outfile: 'out/winner.mjs',
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    // ES modules first: esbuild cannot remove unused parts of CommonJS ones.
    mainFields: ['module', 'main'],
    // The remaining CommonJS modules load Node's modules by `require`.
    banner: {
      js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);",
    },
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    ...overrides,
  });
  const [output] = Object.values(metafile.outputs);
  return output?.bytes ?? 0;
}

// No top-level await: the framework loads this file with `require`.
if (process.argv[1] && fileURLToPath(import.meta.url) === path.resolve(process.argv[1])) {
  void bundle().then((bytes) => console.log(`out/winner.mjs: ${bytes} bytes`));
}
