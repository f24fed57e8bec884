/**
 * Languages other than English: messages in one are recognized by pronouns and verbs of their frequent sentences, or by
 * letters of another script. Articles and prepositions do not count, because titles and names have them.
 */
import { cut } from '../../../text.ts';

/** Words of sentences about oneself and of courtesy that are no English words. */
const WORDS = new Set(
  // Spanish and Portuguese
  (
    'necesito necesitamos quiero quisiera quisiéramos tengo tenemos soy estoy puedo puede puedes podría habla hablo hablas entiendo comprendo gracias ' +
    'usted ustedes tiene duele busco gustaría llamo perdí para porque también ayuda cita preciso eu não quero queria tenho falo obrigado obrigada você sou estou ' +
    // German
    'ich bin habe hätte möchte brauche kann können könnte könnten würde nicht bitte danke mir mich mein meine meinen sie haben spreche sprechen verstehe suche ' +
    'wir unser ein eine einen kein keine gern gerne leider heißt heiße und auch für nein ' +
    // French
    "je suis voudrais veux peux pouvez voulez avez besoin j'ai j'aimerais j'habite c'est n'est n'ai vous nous merci mal pas très bonjour est-ce parlez comprends cherche s'il " +
    // Italian
    'vorrei ho sono non posso può capisco parlo grazie bisogno voglio cerco mio buongiorno ' +
    // Dutch and the Scandinavian languages
    'ik heb wil graag niet mijn kunt kan spreekt begrijp afspraak alstublieft jag jeg har vill behöver inte ikke min ikkje mig hjälp hjelp hjælp taler snakker tack takk ' +
    // Polish, Czech, Turkish, Finnish, Hungarian, Romanian
    'nie mam jestem chcę chciałbym potrzebuję proszę dziękuję rozumiem potřebuji nerozumím děkuji prosím ben bir istiyorum lütfen ihtiyacım yardım değil var teşekkürler minä olen tarvitsen haluan kiitos ' +
    'szeretnék vagyok köszönöm kérem vreau nevoie mulțumesc vorbesc'
  ).split(' '),
);
/** Words of the list above that are English words or names too. They count only beside another one. */
const WEAK = new Set(
  'var ben sie kan har min mal non para cita und sono for mig bir ein eine merci gracias danke grazie bitte bonjour buongiorno tack takk obrigado'.split(
    ' ',
  ),
);
/** English words without which hardly a sentence is made. */
const ENGLISH = new Set(
  (
    'the a an i you he she it we they is am are was were be have has do does did not and or but to of in on at for with my your this that what ' +
    'when where how can could will would want need like please thanks yes'
  ).split(' '),
);
const MAX_TOKENS = 60;
const MAX_LENGTH = 600;
const TOKEN = /[\p{L}\p{M}]+(?:['’-][\p{L}\p{M}]+)*/gu;
const OTHER_SCRIPT =
  /[\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Devanagari}\p{Script=Hebrew}\p{Script=Greek}\p{Script=Thai}]/u;

/** Returns true if most letters of the words are of another script than the Latin one. */
function isOfOtherScript(words: readonly string[]): boolean {
  const other = words.filter((word) => OTHER_SCRIPT.test(word)).length;
  return other > 0 && other * 2 > words.length;
}

/** Returns true if a text is a sentence in another language than English. */
export function isInOtherLanguage(text: string): boolean {
  const words = (cut(text, MAX_LENGTH).toLowerCase().replaceAll('’', "'").match(TOKEN) ?? []).slice(
    0,
    MAX_TOKENS,
  );
  if (isOfOtherScript(words)) return true;
  const foreign = words.filter((word) => WORDS.has(word));
  const strong = foreign.filter((word) => !WEAK.has(word)).length;
  const english = words.filter((word) => ENGLISH.has(word.split("'")[0] ?? '')).length;
  return strong > 0 && foreign.length > english && words.length > 1;
}
