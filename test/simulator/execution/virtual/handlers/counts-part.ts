let count = 0;

export function called(): number {
  return ++count;
}
