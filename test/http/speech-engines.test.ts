/** Tests of voice run where the engines are installed, and are skipped elsewhere. */
import { expect, it } from 'vitest';
import { speechTestsRun } from './speech-server.ts';

const ALL = { flite: true, pocketsphinx: true, model: true, sox: true };

it.each(Object.keys(ALL))('without %s the tests of voice are skipped, but not in CI', (engine) => {
  const engines = { ...ALL, [engine]: false };
  expect(speechTestsRun(engines, {})).toBe(false);
  expect(speechTestsRun(engines, { CI: 'false' })).toBe(false);
  expect(speechTestsRun(engines, { CI: 'true' })).toBe(true);
});

it('the tests of voice run if every engine is installed', () => {
  expect(speechTestsRun(ALL, {})).toBe(true);
});
