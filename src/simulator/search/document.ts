/** Counterexamples as JSON: read, and checked. */
import * as v from 'valibot';
import { SimulatorError } from '../model/errors.ts';

/** What is in a file that `explore` or `mutants` saved, as far as can be told without reading all of it. */
export interface Labels {
  readonly kind: 'scenario' | 'schedule';
  /** The planted bug without which it doesn't fail; undefined: none. */
  readonly mutant: string | undefined;
}

/** Of anything else: a scenario's, which then is refused with a reason. */
export function labelsOf(text: string): Labels {
  let document: { readonly kind?: unknown; readonly mutant?: unknown } | null = null;
  try {
    document = JSON.parse(text);
  } catch {
    // Whoever reads all of it says so.
  }
  const { kind, mutant } = document ?? {};
  return {
    kind: kind === 'schedule' ? kind : 'scenario',
    mutant: typeof mutant === 'string' ? mutant : undefined,
  };
}

/** Throws a `SimulatorError` in one line at what is none of its kind and version. */
export function parseDocument<Schema extends v.GenericSchema>(
  text: string,
  name: string,
  wanted: {
    readonly kind: Labels['kind'];
    readonly version: number;
    readonly schema: Schema;
  },
): v.InferOutput<Schema> {
  const { kind, schema } = wanted;
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (error) {
    throw new SimulatorError('usage', `${name} is no JSON: ${(error as Error).message}`);
  }
  const version = (document as { version?: unknown } | null)?.version;
  if (version !== undefined && version !== wanted.version) {
    throw new SimulatorError(
      'usage',
      `${name} is a ${kind} of version ${String(version)}; this simulator reads ${wanted.version}`,
    );
  }
  const parsed = v.safeParse(schema, document);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const path = v.getDotPath(issue) ?? 'it';
  throw new SimulatorError('usage', `${name} is no ${kind}: ${path}: ${issue.message}`);
}
