/** Never responds. */
export const handler = () => new Promise(() => setInterval(() => {}, 1_000));
