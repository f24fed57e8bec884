import { formatAddress, type Address } from './address.ts';
import type { Client } from './client.ts';
import { Composer, speaking } from './composer.ts';
import { ConversationPicker } from './conversation-picker.ts';
import { DetailsPane } from './details-pane.ts';
import { byId } from './elements.ts';
import { GraphPane, versionsToDraw } from './graph-pane.ts';
import { LiveTurn, type TurnEvents } from './live-turn.ts';
import { EVERYBODY, type Choice } from './pickers.ts';
import { Playback } from './playback.ts';
import type { Progress } from './progress.ts';
import { saveAsTest } from './test-saver.ts';
import { Transcript } from './transcript.ts';
import { TurnBar } from './turn-bar.ts';

/** The user of the session, and the user, the service and the versions that are looked at. */
export interface Subject {
  client: Client;
  /** The user of the session. */
  self: string;
  choice: Choice;
}

/** Connects the parts of the page for one conversation: actions of the user become requests, and answers are shown. */
export class ConversationView {
  readonly #progress: Progress;
  readonly #onRunning: (isRunning: boolean) => void;
  readonly #playback = new Playback();
  readonly #graph: GraphPane;
  readonly #details: DetailsPane;
  readonly #transcript: Transcript;
  readonly #turns: TurnBar;
  readonly #composer: Composer;
  readonly #picker: ConversationPicker;
  readonly #live: LiveTurn;
  readonly #pane = byId('graph', HTMLElement);
  readonly #messages = byId('transcript', HTMLElement);
  readonly #begin = byId('begin', HTMLButtonElement);
  readonly #finish = byId('finish', HTMLButtonElement);
  readonly #save = byId('save-test', HTMLButtonElement);
  #subject: Subject | null = null;
  #conversation: string | null = null;
  #chosen = 0;
  #isRunning = false;

  constructor(progress: Progress, onRunning: (isRunning: boolean) => void) {
    this.#progress = progress;
    this.#onRunning = onRunning;
    this.#graph = new GraphPane((node) => this.#details.showState(node));
    this.#details = new DetailsPane({
      memories: (after) => this.#memories(after),
      open: (conversation) => void this.open(conversation),
    });
    this.#transcript = new Transcript({
      turnOf: (interaction) => this.#playback.numberOf(interaction),
      choose: (interaction) => this.#choose(this.#playback.numberOf(interaction) ?? 0),
      recording: (message) => this.#recording(message),
    });
    this.#turns = new TurnBar(
      (number) => this.#choose(number),
      () => void this.#loadEarlier(),
    );
    this.#composer = new Composer((text) => void this.#say(text));
    this.#picker = new ConversationPicker((conversation) => void this.open(conversation));
    this.#live = new LiveTurn({
      ...{ progress, pane: this.#pane, graph: this.#graph, details: this.#details },
      ...{ transcript: this.#transcript, playback: this.#playback },
      onCreated: (conversation) => {
        this.#conversation = conversation;
      },
    });
    this.#begin.addEventListener('click', () => void this.#create());
    this.#finish.addEventListener('click', () => void this.#finishConversation());
    this.#save.addEventListener('click', () => void this.#saveAsTest());
  }

  get isRunning(): boolean {
    return this.#isRunning;
  }

  /** Turns to another subject: its list of conversations, its graph, and the conversation that is open. */
  async turnTo(subject: Subject, wanted: Pick<Address, 'conversation' | 'interaction'>): Promise<void> {
    this.#subject = subject;
    this.#close();
    this.#details.forgetMemories();
    const open = await this.#list();
    // The user may have turned to another subject meanwhile: then this one is of no interest any more.
    if (this.#subject !== subject) return;
    const conversation = wanted.conversation === '' ? open : wanted.conversation;
    if (conversation === null) await this.#draw({});
    else await this.open(conversation, wanted.interaction);
  }

  /** Opens a conversation, at its latest turn or at the one that is named. */
  async open(conversation: string, interaction = ''): Promise<void> {
    this.#close();
    this.#conversation = conversation;
    this.#picker.select(conversation);
    if (await this.#load()) await this.#drawConversation();
    if (this.#conversation !== conversation) return;
    // The number of an interaction stands at its end (docs/storage.md).
    const number = interaction === '' ? this.#playback.last : Number.parseInt(interaction.slice(-8), 16);
    while (number < this.#playback.first && (await this.#loadEarlier()));
    this.#choose(number);
  }

  #close(): void {
    this.#conversation = null;
    this.#playback.clear();
    this.#transcript.show([], false);
    this.#choose(0);
  }

  /** Lists conversations; tells which of them is unfinished and the session's own. */
  async #list(): Promise<string | null> {
    const subject = this.#subject;
    if (subject === null) return null;
    const { client, self, choice } = subject;
    const user = choice.user === EVERYBODY ? null : choice.user;
    const listed = await this.#progress.during('Reading conversations …', null, () =>
      client.conversations(choice.service, user),
    );
    if (this.#subject !== subject) return null;
    this.#picker.offer(listed ?? [], this.#conversation, user === null);
    return listed?.find(({ is_finished, user_id }) => !is_finished && user_id === self)?.id ?? null;
  }

  /** Reads the conversation's messages and newest turns. */
  async #load(): Promise<boolean> {
    const [client, conversation] = [this.#subject?.client, this.#conversation];
    if (client === undefined || conversation === null) return false;
    const loaded = await this.#progress.during('Reading the conversation …', this.#messages, () =>
      Promise.all([client.turns(conversation), client.messages(conversation)]),
    );
    if (loaded === null || this.#conversation !== conversation) return false;
    const [turns, { messages, has_more }] = loaded;
    this.#playback.take(turns);
    this.#transcript.show(messages, has_more);
    return true;
  }

  async #loadEarlier(): Promise<boolean> {
    const token = this.#playback.conversation?.continuation_token ?? null;
    const [client, conversation] = [this.#subject?.client, this.#conversation];
    if (client === undefined || conversation === null || token === null) return false;
    const page = await this.#progress.during('Reading earlier turns …', this.#pane, () =>
      client.turns(conversation, token),
    );
    if (page === null || this.#conversation !== conversation) return false;
    this.#playback.take(page, true);
    this.#choose(this.#chosen);
    return true;
  }

  #drawConversation(): Promise<void> {
    const { conversation } = this.#playback;
    const versions = conversation === null ? null : versionsToDraw(conversation.versions, this.#graph.drawn);
    return versions === null ? Promise.resolve() : this.#draw(versions);
  }

  async #draw(versions: Record<string, string>): Promise<void> {
    const subject = this.#subject;
    if (subject === null) return;
    const { client, choice } = subject;
    const service = this.#playback.conversation?.service_id ?? choice.service;
    const query = { version_set: choice.versions, ...versions };
    const drawn = await this.#progress.during('Reading the graph …', this.#pane, () =>
      client.graphs(service, query),
    );
    if (this.#subject !== subject) return;
    if (drawn === null) this.#graph.clear();
    else this.#graph.show(drawn);
  }

  /** Shows a turn: its way, its events, its insights. */
  #choose(wanted: number): void {
    const { first, last } = this.#playback;
    const number = Math.min(Math.max(wanted, first), Math.max(last, first));
    const turn = this.#playback.turn(number);
    this.#chosen = number;
    this.#graph.light(this.#playback.path(number), false);
    const metrics = this.#playback.conversation?.metrics ?? null;
    this.#details.showTurn(turn, turn && this.#playback.watched(turn.interaction_id), metrics);
    this.#transcript.select(turn?.interaction_id ?? null);
    this.#turns.show({ first, last, chosen: number }, this.#isRunning);
    this.#showPossible();
    this.#showAddress(turn?.interaction_id ?? '');
  }

  #showAddress(interaction: string): void {
    if (this.#subject === null) return;
    const conversation = this.#conversation ?? '';
    const latest = this.#chosen === this.#playback.last;
    const address = { ...this.#subject.choice, conversation, interaction: latest ? '' : interaction };
    history.replaceState(null, '', formatAddress(address));
  }

  /** Offers what can be done now, and says why the rest cannot. */
  #showPossible(): void {
    const { conversation } = this.#playback;
    const [self, isRunning] = [this.#subject?.self, this.#isRunning];
    this.#begin.disabled = isRunning || (this.#subject?.choice.service ?? '') === '';
    this.#finish.disabled = isRunning || conversation?.is_finished !== false || conversation.user_id !== self;
    this.#save.disabled = isRunning || this.#playback.last < this.#playback.first;
    this.#picker.lock(isRunning);
    this.#composer.show(speaking({ conversation, self, isRunning }));
  }

  #create(): Promise<void> {
    const subject = this.#subject;
    if (subject === null) return Promise.resolve();
    const { client, choice } = subject;
    return this.#run(async () => {
      await this.#draw({});
      this.#close();
      this.#transcript.beginDraft();
      await this.#follow(client.create(choice.service, choice.versions));
      await this.#list();
    });
  }

  #say(text: string): Promise<void> {
    const [client, conversation] = [this.#subject?.client, this.#conversation];
    if (client === undefined || conversation === null) return Promise.resolve();
    return this.#run(async () => {
      this.#transcript.addUserMessage(text);
      this.#transcript.beginDraft();
      const isStored = await this.#follow(client.say(conversation, text));
      if (!isStored) this.#composer.restore(text);
      if (this.#playback.conversation?.is_finished === true) await this.#list();
    });
  }

  async #finishConversation(): Promise<void> {
    const [client, conversation] = [this.#subject?.client, this.#conversation];
    if (client === undefined || conversation === null) return;
    await this.#run(async () => {
      await this.#progress.during('Finishing the conversation …', null, () => client.finish(conversation));
      await Promise.all([this.#load(), this.#list()]);
      this.#details.forgetMemories();
    });
  }

  async #saveAsTest(): Promise<void> {
    const [client, conversation, { drawn }] = [this.#subject?.client, this.#conversation, this.#graph];
    if (client === undefined || conversation === null || drawn === null) return;
    await this.#progress.during('Reading the whole conversation …', null, () =>
      saveAsTest(client, conversation, drawn),
    );
  }

  /** One thing at a time: while it runs, nothing else is begun. */
  async #run(work: () => Promise<void>): Promise<void> {
    if (this.#isRunning) return;
    this.#progress.clear();
    this.#setRunning(true);
    try {
      await work();
    } finally {
      this.#setRunning(false);
      this.#choose(this.#playback.last);
      this.#composer.focusIfLost();
    }
  }

  #setRunning(isRunning: boolean): void {
    this.#isRunning = isRunning;
    this.#onRunning(isRunning);
    this.#turns.show(
      { first: this.#playback.first, last: this.#playback.last, chosen: this.#chosen },
      isRunning,
    );
    this.#showPossible();
  }

  /** Watches a turn from its first event to its end, then reads what was stored of it. */
  async #follow(events: TurnEvents): Promise<boolean> {
    const isComplete = await this.#live.follow(events);
    await this.#load();
    return isComplete;
  }

  #memories(after: number) {
    const subject = this.#subject;
    if (subject === null) return Promise.resolve(null);
    const { choice, client, self } = subject;
    const user = this.#playback.conversation?.user_id ?? (choice.user === EVERYBODY ? self : choice.user);
    return this.#progress.during('Reading memories …', this.#details.panel, () =>
      client.memories(user, after),
    );
  }

  #recording(message: string): Promise<string | null> {
    const [client, conversation] = [this.#subject?.client, this.#conversation];
    if (client === undefined || conversation === null) return Promise.resolve(null);
    return this.#progress.during('Fetching the recording …', null, () =>
      client.recording(conversation, message),
    );
  }
}
