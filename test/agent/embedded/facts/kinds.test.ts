import { describe, expect, it } from 'vitest';
import { kindsNamedIn } from '../../../../src/agent/embedded/facts/kinds.ts';
import { findClock, findDay, findMonth, isVague } from '../../../../src/agent/embedded/facts/times.ts';
import { findFullName, findName } from '../../../../src/agent/embedded/facts/names.ts';

/** Returns the fact of the only kind that a description names, as an answer gives it. */
function given(described: string, answer: string): string | null {
  const [kind] = kindsNamedIn(described);
  return kind?.findInAnswer(answer) ?? null;
}

describe('a name', () => {
  it.each<[string, string]>([
    ['Noor Haddad is my name', 'Noor Haddad'],
    ['thanks. It is Henk Visser', 'Henk Visser'],
    ['you can write Kowalczyk', 'Kowalczyk'],
    ['please put down Imani Diallo', 'Imani Diallo'],
    ['Visser is spelt with two s: Henk Visser', 'Henk Visser'],
    ['Imani Diallo speaking', 'Imani Diallo'],
    ['Henk here', 'Henk'],
  ])('in %j is %j', (said, name) => {
    expect(findName(said)).toBe(name);
  });

  it.each(["let's stop here", 'why do you need it', 'quickly please'])('is not in %j', (said) => {
    expect(findName(said)).toBeNull();
  });

  it.each<[string, string | null]>([
    ['Noor', null],
    ['Noor Haddad', 'Noor Haddad'],
    ['Haddad, Noor', 'Haddad, Noor'],
    ['first name Noor, last name Haddad', 'Noor Haddad'],
  ])('has two words in %j: %j', (said, name) => {
    expect(findFullName(said)).toBe(name);
    expect(given('The member has given their full name', said)).toBe(name);
  });
});

describe('a time', () => {
  it.each<[string, string]>([
    ['at ten thirty', 'ten thirty'],
    ['we could be there by six fifteen', 'six fifteen'],
    ['the play ends at nine, so nine forty-five', 'nine forty-five'],
    ['half past seven', 'half past seven'],
    ['five in the afternoon then', 'five in the afternoon'],
  ])('in %j is %j', (said, time) => {
    expect(findClock(said)).toBe(time);
  });

  it.each(['a table for six ten people', 'ten twenty euros'])('is no count: %j', (said) => {
    expect(findClock(said)).toBeNull();
  });

  it('is one day where the day of the week stands beside the date', () => {
    expect(findDay('rather on Friday the 12th')).toBe('Friday the 12th');
    expect(findDay('Monday, no, Tuesday')).toBe('Tuesday');
  });

  it.each<[string, string | null]>([
    ['I want to start in July, not in June', 'July'],
    ['not June but August', 'August'],
    ['May, please', 'May'],
    ['may I ask something', null],
    ['next month', 'next month'],
  ])('in %j is the month %j', (said, month) => {
    expect(findMonth(said)).toBe(month);
  });

  it.each<[string, boolean]>([
    ['as soon as possible', true],
    ['the earlier the better', true],
    ['asap, so tomorrow', false],
    ['soon, on the 3rd', false],
    ['Friday', false],
  ])('in %j is vague: %j', (said, vague) => {
    expect(isVague(said)).toBe(vague);
  });
});
