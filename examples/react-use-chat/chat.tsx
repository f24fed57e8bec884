import { useChat } from '@ai-sdk/react';
import type { ChatTransport, UIMessage } from 'ai';
import { useState, type FormEvent } from 'react';

/** What every message of the agent carries. */
export interface Metadata {
  conversation_id: string;
  interaction_id: string;
  conversation_completed?: boolean;
  stopped?: boolean;
}

export type Message = UIMessage<Metadata>;

export interface ChatProps {
  id: string;
  /** The messages that the chat has already. */
  messages: Message[];
  transport: ChatTransport<Message>;
  /** Stops the agent on the server. */
  onStop: () => Promise<void>;
  /** Begins another chat. */
  onNew: () => void;
}

function textOf({ parts }: Message): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** One chat: its messages, a field, and the buttons "Send", "Stop" and "New chat". */
export function Chat({ id, messages: earlier, transport, onStop, onNew }: ChatProps) {
  // `resume`: a page that is loaded in the middle of an answer follows it from its beginning.
  const { messages, sendMessage, status, error } = useChat<Message>({
    id,
    messages: earlier,
    transport,
    resume: true,
  });
  const [text, setText] = useState('');
  const isAnswering = status === 'submitted' || status === 'streaming';

  const send = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() === '' || isAnswering) return;
    void sendMessage({ text });
    setText('');
  };

  return (
    <>
      <section aria-label="Conversation" aria-live="polite">
        {messages.map((message) => (
          <article key={message.id} className={message.role}>
            <strong>{message.role === 'user' ? 'You' : 'Agent'}</strong>
            <span className="text">{textOf(message)}</span>
            {message.metadata?.stopped === true && <em> (stopped)</em>}
          </article>
        ))}
      </section>
      {error !== undefined && <p role="alert">{error.message}</p>}
      <form onSubmit={send}>
        <input aria-label="Your message" value={text} onChange={(event) => setText(event.target.value)} />
        <button type="submit" disabled={isAnswering}>
          Send
        </button>
        {/* useChat's own stop only closes the connection. The agent is stopped by the API, and the stream ends by itself. */}
        <button type="button" disabled={!isAnswering} onClick={() => void onStop()}>
          Stop
        </button>
        <button type="button" onClick={onNew}>
          New chat
        </button>
      </form>
    </>
  );
}
