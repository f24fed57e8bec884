import { describe, expect, it } from 'vitest';
import { kindsNamedIn } from '../../../../src/agent/embedded/facts/kinds.ts';
import {
  findClock,
  findDay,
  findMonth,
  isVague,
  withoutDates,
} from '../../../../src/agent/embedded/facts/times.ts';
import { countsThings } from '../../../../src/agent/embedded/facts/numbers.ts';
import { findFullName, findListedName, findName } from '../../../../src/agent/embedded/facts/names.ts';

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

describe('a kind of fact', () => {
  it.each<[string, string, string | null]>([
    ['The caller has given the number of their garage', 'it is G7', 'G7'],
    ['The caller has given the number of their garage', 'g7', 'g7'],
    ['The caller has given the number of their garage', '41', '41'],
    ['The caller has given the locker number', 'C12, not C11', 'C12'],
    ['The caller has given the permit number', 'P-20417', 'P-20417'],
    ['The caller has given the permit number', 'p two oh four one seven', 'P20417'],
    ['The caller has given the permit number', 'two of them', null],
    ['The caller has named an amount', 'forty euros a month', 'forty'],
    ['The caller has named an amount', '$12.50 then', '12.50'],
    ['The caller has named an amount', '35', '35'],
    ['The caller has given the domain of their shop', 'it is wool-and-yarn.co.uk', 'wool-and-yarn.co.uk'],
    ['The caller has given the domain of their shop', 'me@wool-and-yarn.co.uk', null],
  ])('%j of %j is %j', (described, said, value) => {
    expect(given(described, said)).toBe(value);
  });

  it.each<[string, string[]]>([
    ['the number of people', ['number']],
    ['the number of the garage', ['label']],
    ['the permit number', ['code']],
    ['the phone number', ['phone']],
    ['a number', ['number']],
    ['the right number', ['number']],
  ])('is named by %j: %j', (text, names) => {
    expect(kindsNamedIn(text).map(({ name }) => name)).toEqual(names);
  });
});

describe('a name among other facts', () => {
  it.each<[string, string | null]>([
    ['A broken pump. Ines Moreau, ines@example.org', 'Ines Moreau'],
    ['hello, Ines Moreau here, it is about the pump', 'Ines Moreau'],
    ['12 Quay Road, Ines de la Tour', 'Ines de la Tour'],
    ['Good Morning, the pump is broken', null],
    ['the pump, Mill Lane 4', null],
    ['Next Monday, please', null],
    ['Ines Moreau', null],
  ])('in %j is %j', (said, name) => {
    expect(findListedName(said)).toBe(name);
  });

  it.each<[string, string]>([
    ['put it on Ines Moreau', 'Ines Moreau'],
    ['please book it under Moreau', 'Moreau'],
  ])('in the answer %j is %j', (said, name) => {
    expect(findName(said)).toBe(name);
  });
});

describe('a count of things', () => {
  it.each<[string, string, boolean]>([
    ['how many people come', 'a table for five people', true],
    ['how many people come', 'there are six of us', true],
    ['how many people come', 'at six', false],
    ['the number of tents', 'two small tents', true],
    ['the number of tents', 'two nights', false],
  ])('is what %j asks for, in %j: %j', (described, said, counted) => {
    expect(countsThings(described, said)).toBe(counted);
  });
});

describe('a time with its part of the day', () => {
  it.each<[string, string]>([
    ['half past five in the afternoon', 'half past five in the afternoon'],
    ['9:30 at night', '9:30 at night'],
  ])('in %j is %j', (said, time) => {
    expect(findClock(said)).toBe(time);
  });

  it.each<[string, string | null]>([
    ['born on 4 March 2019, from June', 'June'],
    ['born on 4 March 2019', null],
  ])('is no month of a date of birth: in %j is %j', (said, month) => {
    expect(findMonth(withoutDates(said))).toBe(month);
  });
});
