// The frame of a view: its heading, which gets the focus when one comes from another view.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  title: string;
  /** beside the heading */
  beside?: ComponentChildren;
  children: ComponentChildren;
}

let opened = false;

export const View = ({ title, beside, children }: Props) => {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    // The first view of a page leaves the focus where the browser has it.
    if (opened) heading.current?.focus();
    opened = true;
  }, []);
  useEffect(() => {
    document.title = `${title} · Cloud Job Runner`;
  }, [title]);
  return (
    <>
      <header class="view-head">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside}
      </header>
      {children}
    </>
  );
};

/** One part of a view, under a heading of its own. */
export const Part = ({ title, beside, children }: Props) => (
  <section class="part">
    <div class="part-head">
      <h2>{title}</h2>
      {beside}
    </div>
    {children}
  </section>
);
