import { describe, expect, it } from 'vitest';
import {
  FileTextError,
  MAX_FILE_BYTES,
  readFileText,
  repeatedMembers,
} from '../../src/registry/file-text.ts';

describe('the text of a file', () => {
  it.each<[string, string[]]>([
    ['{"a": 1, "b": {"a": 2}, "c": [{"a": 3}, {"a": 4}]}', []],
    ['{"a": "a\\": 1, \\"a", "b": "{,}:"}', []],
    ['{"a": 1, "a": 2}', ['a']],
    ['{"a": 1, "\\u0061": 2}', ['a']],
    ['{"s": [{"v": {}}, {"v": {"release": 1, "edge": 2, "release": 3}}]}', ['s.1.v.release']],
    ['[[], {"x": [1, "x", {"x": 1}], "x": 2, "x": 3}]', ['1.x', '1.x']],
    ['{"__proto__": 1, "__proto__": 2}', ['__proto__']],
  ])('%s repeats the members %j', (json, expected) => {
    expect(repeatedMembers(json)).toEqual(expected);
  });

  it('is read with a byte order mark and without', () => {
    expect(readFileText('\uFEFF{"a": 1}')).toEqual({ a: 1 });
    expect(readFileText('{"a": 1}')).toEqual({ a: 1 });
  });

  it('is refused if it is cut, too large, or repeats a member', () => {
    expect(() => readFileText('{"organization": ')).toThrow(/^The file is not valid JSON\./);
    expect(() => readFileText(`"${'é'.repeat(MAX_FILE_BYTES / 2)}"`)).toThrow(
      /^The file has 8388610 bytes; at most 8388608 are allowed\.$/,
    );
    expect(() => readFileText('{"users": [], "users": []}')).toThrow(FileTextError);
  });
});
