import { describe, expect, it } from 'vitest';
import { isSetOff } from '../../../src/agent/embedded/triggers.ts';

describe('a trigger', () => {
  it.each<[trigger: string, said: string, boolean]>([
    ['Chest pain, or a pain in the chest', 'I have chest pain', true],
    ['Chest pain, or a pain in the chest', 'there is a pain in my chest', true],
    ['Chest pain, or a pain in the chest', 'my chest freezer fell on my foot', false],
    ['Chest pain, or a pain in the chest', 'I have no chest pain', false],
    ['Cannot breathe', "I can't breathe", true],
    ['Cannot breathe', 'I can breathe', false],
    ['gluten, celiac or coeliac', 'is there gluten in it?', true],
    ['gluten, celiac or coeliac', 'Guten Abend', false],
    ['smoke from the engine', 'there is smoke coming from the engine', true],
    ['smoke from the engine', 'the engine is quiet', false],
    ['angry, furious or fed up', 'I am furious', true],
    ['bleeding', 'I am not bleeding', false],
  ])('%j matches the message %j: %j', (trigger, said, expected) => {
    expect(isSetOff([trigger], said)).toBe(expected);
  });
});
