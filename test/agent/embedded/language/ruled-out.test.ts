import { expect, it } from 'vitest';
import { readMessage } from '../../../../src/agent/embedded/language/message.ts';

const stemsOf = (text: string) => readMessage(text).statements.flatMap(({ stems }) => stems);

it.each([
  ['Tuesday rather than Thursday', ['tuesdai']],
  ['the oak instead of the pine', ['oak']],
  ['anything but the pine or the beech, the oak', ['oak']],
  ['Thursday is bad, Tuesday is better', ['tuesdai', 'better']],
])('%j states only what is not ruled out', (text, stems) => {
  expect(stemsOf(text)).toEqual(stems);
});

it('keeps what is bad where nothing better is named', () => {
  expect(stemsOf('the gearbox is bad')).toContain('gearbox');
  expect(stemsOf('I would rather have the oak')).toContain('oak');
});
