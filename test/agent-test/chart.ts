/** A chart with one question, both of whose answers lead to its end. */
export const CHART = {
  name: 'Chart',
  nodes: [
    {
      id: 'ask',
      question: 'When?',
      answers: [
        { text: 'today', next: 'confirm' },
        { text: 'never', next: 'confirm' },
      ],
    },
  ],
  conclusions: [{ id: 'confirm', text: 'Well.' }],
};
