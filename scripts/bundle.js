// Bundles the function that is deployed: one minified file, out/winner.mjs. `npm run build` runs it, and
// so does `serverless package`. Plain JavaScript, because the Serverless Framework loads it as well,
// which may run on an older Node.
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const PROJECT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * The SDK is in it: it starts no later than beside it (docs/benchmarks.md), and what is deployed is what
 * was tested.
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
    // ES modules first: of CommonJS ones nothing unused can be left out.
    mainFields: ['module', 'main'],
    // What is CommonJS all the same asks for Node's modules by `require`.
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

// No await at the top level: the framework loads this file by `require`.
if (process.argv[1] && fileURLToPath(import.meta.url) === path.resolve(process.argv[1])) {
  void bundle().then((bytes) => console.log(`out/winner.mjs: ${bytes} bytes`));
}
