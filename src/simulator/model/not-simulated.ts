/**
 * The handler used a feature that is not simulated, so that the run can't tell whether the handler
 * is right.
 */
export class NotSimulated extends Error {
  override readonly name = 'NotSimulated';
  readonly feature: string;

  constructor(feature: string) {
    super(`not simulated: ${feature}`);
    this.feature = feature;
  }
}
