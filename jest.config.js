// Node 24 strips the types itself: no transform.
if (Number.parseInt(process.versions.node, 10) < 24) {
  throw new Error(
    `The tests need Node 24 or newer, found ${process.versions.node}: run them by \`npm test\` after \`npm ci\` (with install scripts allowed)`,
  );
}

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {},
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // These install from a registry, and have commands of their own.
  testPathIgnorePatterns: ['<rootDir>/test/(package|deploy|load/with-artillery)/'],
  maxWorkers: 2,
};
