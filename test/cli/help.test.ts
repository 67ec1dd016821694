import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { formatReference } from '../../src/cli/help.ts';
import { flagOf } from '../../src/cli/options/option.ts';
import { SIMULATE } from '../../src/cli/simulate.ts';

const REFERENCE = new URL('../../docs/reference/cli.md', import.meta.url);

test('docs/reference/cli.md is what `npm run docs` writes', () => {
  expect(readFileSync(REFERENCE, 'utf8')).toBe(formatReference(SIMULATE));
});

test('the reference names every command, option, argument and shared entry', () => {
  const text = formatReference(SIMULATE);
  for (const { name = 'npx simulate', options, args = [] } of SIMULATE.commands) {
    expect(text).toContain(`\n## ${name}\n`);
    for (const key of Object.keys(options)) expect(text).toContain(`| \`--${flagOf(key)}\` | `);
    for (const arg of args) expect(text).toContain(`| \`${arg.name.toUpperCase()}\` | `);
    for (const [key, { isShared }] of Object.entries(options)) {
      if (isShared) expect(/Other commands take .*/.exec(text)?.[0]).toContain(`\`${key}\``);
    }
  }
});
