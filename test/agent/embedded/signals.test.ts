import { describe, expect, it } from 'vitest';
import {
  answersNothing,
  isInquiry,
  isQuestion,
  isRefusal,
  signalsOf,
} from '../../../src/agent/embedded/signals.ts';

const YES = 'confirms agrees accepts';
const NO = 'declines refuses disagrees';
const WITHDRAWAL = 'withdraws abandons';
const TIME = 'day time date';
const PARTING = 'goodbye farewell finished';
const HUMAN = 'human speak somebody staff';

describe('signals', () => {
  it.each<[string, string[]]>([
    ['Yes, please', [YES]],
    ['oh well, ok', [YES]],
    ['yse', [YES]],
    ['That works for me', [YES]],
    ['go ahead', [YES]],
    ['👍', [YES]],
    ['yes but later', []],
    ['my right knee', []],
    ['no', [NO]],
    ['Nope.', [NO]],
    ["that isn't right", [NO]],
    ['I know nothing about it', []],
    ['never mind', [WITHDRAWAL]],
    ['actually cancel that', [WITHDRAWAL]],
    ['stop', [WITHDRAWAL]],
    ["I don't want it", [WITHDRAWAL]],
    ["I don't want any needles", []],
    ['are there any more places', []],
    ['Thursday at 3', [TIME]],
    ['tomorow mornng', [TIME]],
    ['the 14th of March', [TIME]],
    ['since Sunday', []],
    ['call 555 0142', ['number phone digits']],
    ['ann@example.org', ['email address']],
    ['Hi there', ['greets greeting']],
    ['Good morning', ['greets greeting']],
    ["that's all", [PARTING]],
    ['No, thank you, goodbye', [NO, PARTING, 'thanks']],
    ['thx', ['thanks']],
    ['Let me talk to a real person', [HUMAN]],
    ['my knee hurts', []],
    ['', []],
  ])('have for %j the meanings %j', (said, meanings) => {
    expect(signalsOf(said)).toEqual(meanings);
  });

  it('are left out when they are named', () => {
    expect(signalsOf('Yes, Monday at nine')).toEqual([YES, TIME]);
    expect(signalsOf('Yes, Monday at nine', ['assent'])).toEqual([TIME]);
    expect(signalsOf('Yes, Monday at nine', ['assent', 'time'])).toEqual([]);
  });
});

describe('questions', () => {
  it.each<[string, question: boolean, inquiry: boolean]>([
    ['When are you open?', true, true],
    ['ok, where is it', true, true],
    ['why', true, true],
    ['are you open on monday', true, true],
    ['can I come on monday', true, false],
    ['How about Monday?', true, false],
    ['Would Thursday be possible?', true, false],
    ['do you have anything on Friday', true, false],
    ['Monday at nine', false, false],
    ['I wonder', false, false],
    ['', false, false],
  ])('are recognized in %j: a question %j, an inquiry %j', (said, question, inquiry) => {
    expect([isQuestion(said), isInquiry(said)]).toEqual([question, inquiry]);
  });
});

describe('messages that answer nothing', () => {
  it.each<[string, boolean]>([
    ['', true],
    ['?!', true],
    ['hmm', true],
    ['no', true],
    ['ok thanks', true],
    ['yes please', true],
    ['hello', true],
    ['sdfgh', true],
    ['not sure', true],
    ["I don't know yet", true],
    ['a cough', false],
    ['private', false],
    ["I don't know where it hurts", false],
    ['10', false],
    ['hola', false],
  ])('include %j: %j', (said, expected) => {
    expect(answersNothing(said)).toBe(expected);
  });

  it.each<[string, boolean]>([
    ['no', true],
    ['No, thank you!', true],
    ['nothing', true],
    ['not really', true],
    ['no, my elbow', false],
    ['not on Monday', false],
    ['', false],
  ])('%j is a bare refusal: %j', (said, expected) => {
    expect(isRefusal(said)).toBe(expected);
  });
});
