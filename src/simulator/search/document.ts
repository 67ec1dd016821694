/** Counterexamples as JSON: parsing and validation. */
import * as v from 'valibot';
import { SimulatorError } from '../model/errors.ts';

/** What kind of counterexample a file holds. */
export interface Labels {
  readonly kind: 'scenario' | 'schedule';
  /** The planted bug that it needs in order to fail; undefined: none. */
  readonly mutant: string | undefined;
}

/** A file of any other kind counts as a scenario, and is refused by `parseScenario`. */
export function labelsOf(text: string): Labels {
  let document: { readonly kind?: unknown; readonly mutant?: unknown } | null = null;
  try {
    document = JSON.parse(text);
  } catch {
    // `parseDocument` reports it.
  }
  const { kind, mutant } = document ?? {};
  return {
    kind: kind === 'schedule' ? kind : 'scenario',
    mutant: typeof mutant === 'string' ? mutant : undefined,
  };
}

/** Throws a `SimulatorError` in one line if the text is not of this kind and version. */
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
    throw new SimulatorError('usage', `${name} is not valid JSON: ${(error as Error).message}`);
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
  throw new SimulatorError('usage', `${name} is not a valid ${kind}: ${path}: ${issue.message}`);
}
