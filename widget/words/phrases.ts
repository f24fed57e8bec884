/**
 * The phrases of the widget: English, German, Arabic. `{names}` are filled in. They are one table, so that each
 * phrase has all of its languages or does not compile, and its name is sent over the network once. A site may replace
 * each phrase.
 */
import type { AmigoChatWords } from '../types/amigo-chat.d.ts';

type Phrase = readonly [english: string, german: string, arabic: string];

/** The languages of the phrases, in the order of a phrase's translations. */
export const LANGUAGES = ['en', 'de', 'ar'] as const;

/** Each phrase by its name, in every language. */
export const PHRASES = {
  you: ['You', 'Sie', 'أنت'],
  agent: ['The agent', 'Der Assistent', 'المساعد'],
  chatWith: ['Chat with {agent}', 'Chat mit {agent}', 'محادثة مع {agent}'],
  transcript: ['Conversation', 'Gespräch', 'المحادثة'],
  newMessages: ['New messages', 'Neue Nachrichten', 'رسائل جديدة'],
  message: ['Your message', 'Ihre Nachricht', 'رسالتك'],
  send: ['Send', 'Senden', 'إرسال'],
  end: ['End conversation', 'Gespräch beenden', 'إنهاء المحادثة'],
  ended: [
    'This conversation has ended. Thank you.',
    'Dieses Gespräch ist beendet. Vielen Dank.',
    'انتهت هذه المحادثة. شكرًا لك.',
  ],
  startNew: ['Start a new conversation', 'Neues Gespräch beginnen', 'بدء محادثة جديدة'],
  chat: ['Chat', 'Chat', 'دردشة'],
  openChat: ['Open the chat', 'Chat öffnen', 'فتح المحادثة'],
  closeChat: ['Close the chat', 'Chat schließen', 'إغلاق المحادثة'],
  unread: ['New messages: {count}', 'Neue Nachrichten: {count}', 'رسائل جديدة: {count}'],
  dismiss: ['Dismiss', 'Ausblenden', 'إخفاء'],
  undo: ['Undo', 'Rückgängig', 'تراجع'],
  copy: ['Copy', 'Kopieren', 'نسخ'],
  copied: ['Copied', 'Kopiert', 'تم النسخ'],
  helpful: ['Helpful', 'Hilfreich', 'مفيد'],
  notHelpful: ['Not helpful', 'Nicht hilfreich', 'غير مفيد'],
  history: ['Earlier conversations', 'Frühere Gespräche', 'محادثات سابقة'],
  noHistory: ['There are none yet.', 'Es gibt noch keine.', 'لا توجد بعد.'],
  back: ['Back', 'Zurück', 'رجوع'],
  more: ['Show more', 'Mehr anzeigen', 'عرض المزيد'],
  suggestions: ['Suggested answers', 'Mögliche Antworten', 'إجابات مقترحة'],
  starters: ['What would you like to begin with?', 'Womit möchten Sie beginnen?', 'بماذا تود أن تبدأ؟'],
  tryAgain: ['Try again', 'Noch einmal versuchen', 'حاول مرة أخرى'],
  opening: ['Opening the conversation', 'Das Gespräch wird geöffnet', 'يجري فتح المحادثة'],
  answering: ['{agent} is answering', '{agent} antwortet', '{agent} يكتب الرد'],
  remembering: ['Tries to remember', 'Versucht, sich zu erinnern', 'يحاول أن يتذكر'],
  choosing: ['Decides what to do', 'Überlegt, was zu tun ist', 'يقرر ما سيفعله'],
  thinking: ['Stops to think', 'Denkt nach', 'يفكر'],
  noting: ['Makes a note', 'Macht sich eine Notiz', 'يدوّن ملاحظة'],
  lookingUp: ['Looks something up', 'Schlägt etwas nach', 'يبحث عن معلومة'],
  steps: ['How this came about', 'Wie es dazu kam', 'كيف توصّل إلى الرد'],
  waits: ['Waits', 'Wartet', 'تنتظر'],
  remove: ['Remove', 'Entfernen', 'إزالة'],
  offline: [
    'You are offline. What you send waits, and is sent once when you are back.',
    'Sie sind offline. Was Sie senden, wartet und wird einmal gesendet, sobald Sie zurück sind.',
    'أنت غير متصل بالإنترنت. ما ترسله ينتظر ويُرسل مرة واحدة عند عودة الاتصال.',
  ],
  lost: [
    'The connection was lost. Trying to get it back.',
    'Die Verbindung ist abgebrochen. Sie wird wieder aufgebaut.',
    'انقطع الاتصال. تجري محاولة استعادته.',
  ],
  busyElsewhere: [
    '{agent} is busy with another message, perhaps in another window. This one waits.',
    '{agent} beantwortet noch eine andere Nachricht, vielleicht in einem anderen Fenster. Diese wartet.',
    '{agent} مشغول برسالة أخرى، ربما في نافذة أخرى. هذه الرسالة تنتظر.',
  ],
  tooMany: [
    'That was a lot at once. It goes on by itself in {seconds} s.',
    'Das war viel auf einmal. Es geht von selbst weiter in {seconds} s.',
    'كان ذلك كثيرًا دفعة واحدة. تُستأنف المحادثة تلقائيًا خلال {seconds} ث.',
  ],
  tooManyNow: [
    'A lot is going on here at the moment. Try again later.',
    'Hier ist im Moment viel los. Versuchen Sie es später noch einmal.',
    'يوجد ضغط كبير هنا في الوقت الحالي. حاول مرة أخرى لاحقًا.',
  ],
  closed: [
    'The chat is closed for now. It opens again at {time}.',
    'Der Chat ist vorübergehend geschlossen. Er öffnet wieder: {time}.',
    'المحادثة مغلقة حاليًا. تُفتح مرة أخرى في {time}.',
  ],
  notConfirmed: [
    'The chat could not make sure that you are a person. Try again.',
    'Der Chat konnte nicht sicherstellen, dass Sie ein Mensch sind. Versuchen Sie es noch einmal.',
    'لم تتمكن المحادثة من التأكد من أنك شخص حقيقي. حاول مرة أخرى.',
  ],
  originRefused: [
    'This site ({origin}) cannot reach the chat, although its server answers. Most likely the site is not on the list of allowed sites.',
    'Diese Website ({origin}) erreicht den Chat nicht, obwohl dessen Server antwortet. Wahrscheinlich steht sie nicht auf der Liste erlaubter Websites.',
    'لا يصل هذا الموقع ({origin}) إلى المحادثة مع أن خادمها يعمل. الأرجح أنه ليس في قائمة المواقع المسموح بها.',
  ],
  tokenExpired: [
    'Your sign-in has run out. Reload the page, or sign in again.',
    'Ihre Anmeldung ist abgelaufen. Laden Sie die Seite neu, oder melden Sie sich noch einmal an.',
    'انتهت صلاحية تسجيل دخولك. أعد تحميل الصفحة أو سجّل الدخول من جديد.',
  ],
  signInRefused: [
    'This site did not sign you in. Sign in, then try again.',
    'Diese Website hat Sie nicht angemeldet. Melden Sie sich an, und versuchen Sie es noch einmal.',
    'لم يسجّل هذا الموقع دخولك. سجّل الدخول ثم حاول مرة أخرى.',
  ],
  finishedElsewhere: [
    'This conversation has ended, perhaps in another window.',
    'Dieses Gespräch ist beendet, vielleicht in einem anderen Fenster.',
    'انتهت هذه المحادثة، ربما في نافذة أخرى.',
  ],
  fault: [
    'Something went wrong on our side. Try again.',
    'Bei uns ist etwas schiefgegangen. Versuchen Sie es noch einmal.',
    'حدث خطأ لدينا. حاول مرة أخرى.',
  ],
  impossible: [
    'That was not possible: {detail}',
    'Das war nicht möglich: {detail}',
    'لم يكن ذلك ممكنًا: {detail}',
  ],
  misconfigured: [
    'This chat is not set up correctly: {detail}',
    'Dieser Chat ist nicht richtig eingerichtet: {detail}',
    'هذه المحادثة غير مهيأة بشكل صحيح: {detail}',
  ],
  missing: [
    'This chat is not set up yet. Missing: {detail}.',
    'Dieser Chat ist noch nicht eingerichtet. Es fehlt: {detail}.',
    'لم تُهيأ هذه المحادثة بعد. ينقصها: {detail}.',
  ],
  backInField: [
    'Your message is back in the field below.',
    'Ihre Nachricht steht wieder im Feld unten.',
    'عادت رسالتك إلى الحقل أدناه.',
  ],
  talk: ['Talk', 'Sprechen', 'تحدث'],
  talkHelp: [
    'Hold while you talk, or press to begin and again to send',
    'Beim Sprechen halten, oder drücken und zum Senden noch einmal',
    'اضغط باستمرار أثناء التحدث، أو اضغط للبدء ثم للإرسال',
  ],
  listening: [
    'Listening. Press again to send.',
    'Hört zu. Zum Senden noch einmal drücken.',
    'يستمع. اضغط مرة أخرى للإرسال.',
  ],
  tooShort: [
    'That was too short. Hold the button while you talk.',
    'Das war zu kurz. Halten Sie die Taste gedrückt, während Sie sprechen.',
    'كان ذلك قصيرًا جدًا. استمر في الضغط على الزر أثناء التحدث.',
  ],
  voiceMessage: ['Voice message', 'Sprachnachricht', 'رسالة صوتية'],
  stopSpeaking: ['Stop', 'Anhalten', 'إيقاف'],
  play: ['Play', 'Abspielen', 'تشغيل'],
  noRecording: [
    'This recording cannot be played.',
    'Diese Aufnahme lässt sich nicht abspielen.',
    'لا يمكن تشغيل هذا التسجيل.',
  ],
  microphoneRefused: [
    'The microphone cannot be used. Allow it in the browser, or write instead.',
    'Das Mikrofon ist nicht zu gebrauchen. Erlauben Sie es im Browser, oder schreiben Sie.',
    'لا يمكن استخدام الميكروفون. اسمح به في المتصفح أو اكتب رسالتك.',
  ],
  voiceUnavailable: [
    'This agent cannot talk at the moment. Write instead.',
    'Dieser Assistent kann im Moment nicht sprechen. Schreiben Sie.',
    'لا يستطيع هذا المساعد التحدث الآن. اكتب رسالتك.',
  ],
} as const satisfies Record<keyof AmigoChatWords, Phrase>;
