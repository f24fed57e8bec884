/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from 'vitest';
import { chartOrganization, parseChartFile } from '../../scripts/agent-test/charts.ts';
import { DialogueFile } from '../../scripts/agent-test/dialogue-file.ts';
import { expectationErrors } from '../../scripts/agent-test/expectation-errors.ts';
import { parseOrganizationFile } from '../../src/registry/publish.ts';

const AGENTS = import.meta.glob<object>('../dialogues/agents/*.json', { eager: true, import: 'default' });
const DIALOGUES = import.meta.glob<object>(
  '../dialogues/{dev,practice,played,played-2,scripted,scripted-2,scripted-3,held-out,plain,plain-held-out,plain-2,plain-3,plain-4}/*.json',
  {
    eager: true,
    import: 'default',
  },
);
const CHARTS = import.meta.glob<object>('../dialogues/charts/*/*.json', { eager: true, import: 'default' });

/** Returns the part of the test set that a file belongs to, which is the name of its directory. */
function partOf(path: string): string {
  return path.split('/').at(-2) ?? '';
}

function organizationOf(file: DialogueFile) {
  return parseOrganizationFile(AGENTS[file.organization.replace('../agents/', '../dialogues/agents/')]);
}

/** Returns the files of dialogues of a part. */
function filesOf(part: string): DialogueFile[] {
  return Object.entries(DIALOGUES)
    .filter(([path]) => partOf(path) === part)
    .map(([, input]) => DialogueFile.parse(input));
}

/** The parts that are there. A held-out part that was played is renamed. */
const PARTS = [...new Set(Object.keys(DIALOGUES).map(partOf))];
/** The parts of short dialogues and plain charts, which belong to different agents. */
const SHORT_PARTS = [
  'scripted',
  'scripted-2',
  'scripted-3',
  'held-out',
  'plain',
  'plain-held-out',
  'plain-2',
  'plain-3',
  'plain-4',
];
const LONG_PARTS = PARTS.filter((part) => !SHORT_PARTS.includes(part));
const SHORT_CHARTS = Object.keys(CHARTS).filter((path) => SHORT_PARTS.includes(partOf(path)));

describe('the dialogues', () => {
  it.each(LONG_PARTS)('has six dialogues for each of six agents in the part %s', (part) => {
    const files = filesOf(part);
    expect(new Set(files.map(({ organization }) => organization)).size).toBe(6);
    expect(files.map(({ dialogues }) => dialogues.length)).toEqual([6, 6, 6, 6, 6, 6]);
  });

  it.each(SHORT_PARTS.filter((part) => PARTS.includes(part)))(
    'has 26 dialogues or more of three to seven messages, with four agents or more, in the part %s',
    (part) => {
      const files = filesOf(part);
      expect(new Set(files.map(({ organization }) => organization)).size).toBeGreaterThanOrEqual(4);
      const lengths = files.flatMap(({ dialogues }) => dialogues.map(({ turns }) => turns.length));
      expect(lengths.length).toBeGreaterThanOrEqual(26);
      expect(Math.min(...lengths)).toBeGreaterThanOrEqual(3);
      expect(Math.max(...lengths)).toBeLessThanOrEqual(7);
    },
  );

  it.each(PARTS.filter((part) => part !== 'dev' && part !== 'practice'))(
    'in the part %s are played on agents that no other part uses',
    (part) => {
      const others = new Set(
        PARTS.filter((other) => other !== part)
          .flatMap(filesOf)
          .map(({ organization }) => organization),
      );
      expect(others.size).toBeGreaterThan(0);
      expect(filesOf(part).filter(({ organization }) => others.has(organization))).toEqual([]);
    },
  );

  it.each(Object.keys(DIALOGUES))('in %s have no expectation that their graphs do not allow', (path) => {
    const file = DialogueFile.parse(DIALOGUES[path]);
    const organization = organizationOf(file);
    const dialogues = file.dialogues.map((dialogue) => ({ ...dialogue, service: file.service }));
    expect(expectationErrors({ organization, dialogues })).toEqual([]);
  });

  it('share no sentence of five words or more between the parts', () => {
    const sentencesOf = (part: string) =>
      filesOf(part)
        .flatMap(({ dialogues }) => dialogues)
        .flatMap(({ turns }) =>
          turns.map(({ say = '' }) => say.toLowerCase().replaceAll(/[^\p{L}\p{N} ]/gu, '')),
        )
        .filter((sentence) => sentence.split(' ').length >= 5);
    expect(new Set(sentencesOf('dev')).size).toBeGreaterThan(50);
    for (const part of PARTS) {
      const others = new Set(PARTS.filter((other) => other !== part).flatMap(sentencesOf));
      expect(sentencesOf(part).filter((sentence) => others.has(sentence))).toEqual([]);
    }
  });
});

describe('the charts', () => {
  it.each(LONG_PARTS)('are two or three in the part %s', (part) => {
    const { length } = Object.keys(CHARTS).filter((path) => partOf(path) === part);
    expect([2, 3]).toContain(length);
  });

  it('are in all parts that have long dialogues', () => {
    const parts = new Set(Object.keys(CHARTS).map(partOf));
    expect([...parts].filter((part) => !SHORT_PARTS.includes(part)).sort()).toEqual(LONG_PARTS.toSorted());
  });

  it.each(SHORT_CHARTS)('in %s have two free answers or more for every answer', (path) => {
    const { nodes, free_answers } = parseChartFile(CHARTS[path]);
    for (const { id, answers } of nodes) {
      const given = answers.map(
        (_, index) =>
          free_answers.filter(
            ({ node, expected_answer_index }) => node === id && expected_answer_index === index,
          ).length,
      );
      expect(Math.min(...given), id).toBeGreaterThanOrEqual(2);
    }
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
