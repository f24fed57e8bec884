/**
 * Messages about the conversation itself, whatever it is about: complaints about the agent, and orders to it to be or
 * to say something else. They answer no question. English.
 */
import { wordsOf } from './clauses.ts';

/** A kind of message about the conversation itself. */
export type OffTopic = 'complaint' | 'order';

const BAD =
  '(?:useless|hopeless|stupid|dumb|terrible|horrible|awful|ridiculous|pathetic|rubbish|garbage|trash|nonsense|bullshit|crap|shit|a joke|a waste of time|a nightmare|a mess|annoying|exhausting|going nowhere|taking (?:forever|too long|ages)|driving me (?:mad|crazy|nuts|insane)|going in circles)';
const REALLY =
  '(?:(?:so|really|totally|just|such|completely|absolutely|very|all|getting|becoming|a bit) ){0,2}';
const AGENT = '(?:machine|bot|robot|computer|thing|system|assistant|chat ?bot|recording|menu)s?';

/** Clauses that complain about the agent or the conversation. */
const COMPLAINT = new RegExp(
  '^(?:(?:no|oh|well|but|and|so|sorry|look|listen|honestly|seriously|come on|you know|you see|ugh|okay|ok) ){0,4}(?:' +
    [
      `(?:this|that|it|all this|this whole thing|this conversation|this chat|this call) is ${REALLY}${BAD}`,
      `you (?:are|people are|guys are|all are) ${REALLY}(?:${BAD}|not (?:listening|helping|helpful|understanding|making (?:any )?sense|answering|paying attention|hearing|reading)(?: \\w+){0,3}|(?:an? )?(?:idiot|moron|fool|liar|joke)s?|wasting my time|no help|of no help|repeating yourself|not very (?:bright|smart|clever|helpful))`,
      `you ${REALLY}(?:do not|never|cannot|can not|did not|have not) (?:really |even |actually )?(?:understand|understood|listen|listened|help|helped|get|hear|heard|learn|learned|answer|answered)(?: (?:me|it|this|that|to me|what i (?:say|said|mean|want)|a (?:thing|word)|anything|my question|to (?:a word|anything)))?`,
      `you (?:people|guys|machines|bots|robots) never \\w+(?: \\w+){0,2}`,
      `you (?:idiot|moron|fool|stupid \\w+|useless \\w+)s?`,
      'that (?:does not make|makes no|made no|did not make) (?:any )?sense(?: (?:to me|at all))?',
      'that (?:is|was) not (?:my question|what i (?:asked|said|meant|wanted)(?: (?:for|to know|about))?|helpful|an answer)',
      'what (?:a|an utter|a complete|a total) (?:waste of (?:my )?time|joke|mess|disaster|nightmare)',
      'i (?:hate|cannot stand|can not stand|despise|am (?:so |really )?(?:tired|sick) of) (?:this|these|that|you|it|your)(?: (?:\\w+ ){0,2}' +
        AGENT +
        ')?',
      'i (?:hate|cannot stand|can not stand|despise) (?:talking|speaking|chatting|writing) (?:to|with) (?:\\w+ ){0,2}(?:you|' +
        AGENT +
        ')',
      'i (?:have )?(?:already )?(?:just )?(?:told|said|answered|asked|gave|given|explained|mentioned) (?:you )?(?:(?:that|this|it|everything|all that) )?(?:already|before|twice|three times|several times|a minute ago|just now)',
      'i (?:have )?already (?:told|answered|said|gave|given|explained|mentioned)(?: (?:you|it|that|this)){0,3}',
      'your (?:service|system|support|bot|assistant|company|machine) (?:is|sucks)(?: ' + REALLY + BAD + ')?',
      '(?:this|it|you|that) (?:really )?suck(?:s)?(?: (?:big time|so much))?',
      '(?:stop|quit) (?:asking|repeating|saying)(?: (?:me|that|this|it|the same|yourself|so many))?(?: (?:questions?|things?|over and over))?',
      'shut (?:up|it)|get lost|go to hell|drop dead|kiss my ass|(?:fuck|screw|damn) (?:you|off|this|that|it)|piss off|bite me',
      'i am (?:getting |becoming |growing )(?:really |very |so |a bit )?(?:annoyed|frustrated|angry|impatient|mad|fed up|tired of (?:this|it))',
    ].join('|') +
    ')(?: (?:at all|now|here|again|already|anymore|any more|so far|man|dude|today))?$',
);

const INSTRUCTIONS = '(?:instructions?|rules?|prompts?|guidelines|programming|training|directives|orders)';

/** Messages that order the agent to be, to do or to say something outside of its matter. */
const ORDER = new RegExp(
  '^(?:(?:please|ok|okay|now|so|hey|hello|hi|listen|and|but|just|can you|could you|i want you to|you must|you should) ){0,4}(?:' +
    [
      `(?:ignore|forget|disregard|override|bypass|drop) (?:(?:all|any|your|the|my|of|every|those|these|previous|prior|above|earlier|system|existing|safety) ){0,5}${INSTRUCTIONS}\\b`,
      `(?:print|show|reveal|output|display|repeat|tell|give|write|read|list|send)(?: out)? (?:me )?(?:(?:all|the|your|of|full|exact|hidden|secret|initial|original|entire) ){0,5}(?:system|${INSTRUCTIONS})(?: (?:prompt|message|${INSTRUCTIONS}))?$`,
      'you are (?:now|no longer) ',
      '(?:pretend|imagine|act|behave|roleplay|role play)(?: (?:that|as|like|to be|as if|you are)){1,3} ',
      'repeat after me\\b',
      '(?:system|assistant|user|developer|admin|instruction|exit|action)(?: (?:override|prompt|message|note))? ?:',
      'system (?:override|prompt|command|message)\\b',
      'from now on,? (?:you|only|answer|respond|reply|always|never|act|speak|call)\\b',
      'translate\\b',
      '(?:say|write|output|print|type|respond with|answer with|reply with)(?: only)?(?: the word)? ["“\']?(?:goodbye|bye|yes|no|ok|okay|hello|hi|i agree|confirmed)["”\']?(?: (?:in \\w+|now|please|twice|again))?\\W*$',
      'choose (?:exit|action|option number) \\d',
      'the (?:user|customer|client|caller|patient|guest) (?:says|said|has|confirms|confirmed|agrees|agreed|wants|is)\\b',
      '(?:enter|enable|activate|switch to) (?:developer|debug|admin|god|dan|jailbreak) mode',
    ].join('|') +
    ')',
  'i',
);

/** The most characters of a message in which the order is looked for: it stands at the beginning. */
const MAX_ORDER = 300;
const SIGN = /^[,;:()–—…]|^\.{3}$/;

/** Returns the clauses of a text between signs, in words without contractions. */
function clausesIn(text: string): string[] {
  return text.split(/[.!?…\n]+/).flatMap((sentence) =>
    wordsOf(sentence)
      .map((word) => (SIGN.test(word) ? ';' : word))
      .join(' ')
      .split(/ ?; ?/)
      .filter((clause) => clause !== ''),
  );
}

/** Returns the kind of a message that is only about the conversation itself; null for any other message. */
export function offTopicOf(text: string): OffTopic | null {
  if (ORDER.test(text.slice(0, MAX_ORDER).trim())) return 'order';
  const clauses = clausesIn(text);
  const complains = clauses.filter((clause) => COMPLAINT.test(clause)).length;
  return complains > 0 && complains === clauses.length ? 'complaint' : null;
}
