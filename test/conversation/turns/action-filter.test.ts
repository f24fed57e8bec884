import { describe, expect, it } from 'vitest';
import { compileActionFilter } from '../../../src/conversation/turns/action-filter.ts';

function matches(pattern: string, type: string): boolean | string {
  const compiled = compileActionFilter(pattern);
  return compiled.ok ? compiled.value(type) : compiled.problem.code;
}

describe('the action filter', () => {
  it.each([
    ['^.*$', 'tool-call-started', true],
    ['^$', 'tool-call-started', false],
    ['', 'tool-call-started', true],
    ['call', 'tool-call-started', true],
    ['^call', 'tool-call-started', false],
    ['^(tool|engage)-', 'engage-user-message-fragment-generated', true],
    ['started$', 'tool-call-started', true],
    ['(?i)TOOL', 'tool-call-started', true],
    ['(', 'x', 'action_filter_invalid'],
    ['(?<=a)b', 'x', 'action_filter_invalid'],
    ['(a)\\1', 'x', 'action_filter_invalid'],
    ['x'.repeat(256), 'x', false],
    ['x'.repeat(257), 'x', 'action_filter_invalid'],
  ])('%s on %s is %s', (pattern, type, expected) => {
    expect(matches(pattern, type)).toBe(expected);
  });

  it('takes a pattern that would not end elsewhere in linear steps', () => {
    // 28 letters cost a backtracking engine seconds, 2,000 would outlast the universe: that it ends is the test.
    expect(matches('^(a+)+$', `${'a'.repeat(2000)}!`)).toBe(false);
  });
});
