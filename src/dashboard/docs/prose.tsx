// Text with `code` in it.

/** Every second part stands between backticks. */
export const Prose = ({ text }: { text: string }) => (
  <>
    {text
      .split('`')
      .map((part, index) =>
        index % 2 === 0 ? part : <code key={`${index} ${part}`}>{part}</code>,
      )}
  </>
);
