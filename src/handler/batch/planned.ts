/** Tasks with their next steps. */
import type { ProductTask, Step } from './product-task.ts';

export interface Planned<Kind extends Step['kind'] = Step['kind']> {
  readonly task: ProductTask;
  readonly step: Extract<Step, { readonly kind: Kind }>;
}

export function ofKind<Kind extends Step['kind']>(
  planned: readonly Planned[],
  kind: Kind,
): Planned<Kind>[] {
  return planned.flatMap(({ task, step }) => (isOfKind(step, kind) ? [{ task, step }] : []));
}

function isOfKind<Kind extends Step['kind']>(
  step: Step,
  kind: Kind,
): step is Extract<Step, { readonly kind: Kind }> {
  return step.kind === kind;
}
