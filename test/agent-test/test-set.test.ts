/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from 'vitest';
import { chartOrganization, parseChartFile } from '../../scripts/agent-test/charts.ts';
import { DialogueFile } from '../../scripts/agent-test/dialogue-file.ts';
import { expectationErrors } from '../../scripts/agent-test/expectation-errors.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';

const AGENTS = import.meta.glob<object>('../dialogues/agents/*.json', { eager: true, import: 'default' });
const DIALOGUES = import.meta.glob<object>('../dialogues/{dev,held-out}/*.json', {
  eager: true,
  import: 'default',
});
const CHARTS = import.meta.glob<object>('../dialogues/charts/*/*.json', { eager: true, import: 'default' });

/** Returns the half of the test set that a file belongs to. */
function halfOf(path: string): string {
  return path.includes('/held-out/') ? 'held-out' : 'dev';
}

function organizationOf(file: DialogueFile) {
  return parseOrganizationFile(AGENTS[file.organization.replace('../agents/', '../dialogues/agents/')]);
}

describe('the dialogues', () => {
  it('are twelve for each of six agents, half of them held out', () => {
    const counts: Record<string, Record<string, number>> = {};
    for (const [path, input] of Object.entries(DIALOGUES)) {
      const { organization, dialogues } = DialogueFile.parse(input);
      (counts[organization] ??= {})[halfOf(path)] = dialogues.length;
    }
    expect(Object.keys(counts)).toHaveLength(6);
    expect(Object.values(counts)).toEqual(Array.from({ length: 6 }, () => ({ dev: 6, 'held-out': 6 })));
  });

  it.each(Object.keys(DIALOGUES))('in %s have no expectation that their graphs do not allow', (path) => {
    const file = DialogueFile.parse(DIALOGUES[path]);
    const organization = organizationOf(file);
    const dialogues = file.dialogues.map((dialogue) => ({ ...dialogue, service: file.service }));
    expect(expectationErrors({ organization, dialogues })).toEqual([]);
  });

  it('share no sentence of five words or more between the two halves', () => {
    const sentencesOf = (half: string) =>
      Object.entries(DIALOGUES)
        .filter(([path]) => halfOf(path) === half)
        .flatMap(([, input]) => DialogueFile.parse(input).dialogues)
        .flatMap(({ turns }) =>
          turns.map(({ say = '' }) => say.toLowerCase().replaceAll(/[^\p{L}\p{N} ]/gu, '')),
        )
        .filter((sentence) => sentence.split(' ').length >= 5);
    const dev = new Set(sentencesOf('dev'));
    expect(dev.size).toBeGreaterThan(50);
    expect(sentencesOf('held-out').filter((sentence) => dev.has(sentence))).toEqual([]);
  });
});

describe('the charts', () => {
  it('are two for tuning and two held out', () => {
    expect(Object.keys(CHARTS).map(halfOf).sort()).toEqual(['dev', 'dev', 'held-out', 'held-out']);
  });

  it.each(Object.keys(CHARTS))('in %s have valid graphs and enough sayings', (path) => {
    const { free_answers, digressions, paths, ...chart } = parseChartFile(CHARTS[path]);
    expect(chartOrganization(chart).graphs).toHaveLength(1);
    expect(chart.nodes.length).toBeGreaterThanOrEqual(12);
    expect(chart.nodes.length).toBeLessThanOrEqual(20);
    const given = free_answers.filter(({ expected_answer_index }) => expected_answer_index !== null);
    expect(given.length).toBeGreaterThanOrEqual(40);
    expect(digressions.length).toBeGreaterThanOrEqual(15);
    expect(paths.length).toBeGreaterThanOrEqual(12);
  });
});
