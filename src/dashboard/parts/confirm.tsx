// A question before something that cannot be taken back.
import { useLayoutEffect, useRef } from 'preact/hooks';

interface Props {
  title: string;
  text: string;
  /** what the button that does it says, and the one that does not */
  yes: string;
  no: string;
  onYes: () => void;
  onNo: () => void;
}

/** Open as long as it is rendered; the escape key means no. */
export const Confirm = ({ title, text, yes, no, onYes, onNo }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before anything else can be pressed: an escape key that comes at once is meant for it.
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current?.showModal();
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  return (
    <dialog ref={dialog} onClose={onNo} aria-labelledby="confirm-title" aria-describedby="confirm">
      <h2 id="confirm-title">{title}</h2>
      <p id="confirm">{text}</p>
      <div class="buttons">
        <button type="button" onClick={onNo}>
          {no}
        </button>
        <button type="button" class="danger" onClick={onYes}>
          {yes}
        </button>
      </div>
    </dialog>
  );
};
