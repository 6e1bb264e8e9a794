// What makes it safe to press the button of a form again after an answer was lost.
import { useRef } from 'preact/hooks';

const newKey = (): string => crypto.getRandomValues(new Uint32Array(4)).join('-');

/** The same key for the same content, as long as the form is open: nothing is made twice. */
export const useSendingKey = (): ((content: unknown) => string) => {
  const last = useRef({ content: '', key: '' });
  return (content) => {
    const text = JSON.stringify(content);
    if (last.current.content !== text) last.current = { content: text, key: newKey() };
    return last.current.key;
  };
};
