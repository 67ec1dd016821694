/** Never gets anywhere. */
export async function handler(): Promise<never> {
  throw new RangeError('the handler has had enough');
}
