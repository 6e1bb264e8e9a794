// What both pages have: the way to the content, the bar at the top, and the question for a key.
import type { ComponentChildren } from 'preact';
import { useCallback, useMemo, useState } from 'preact/hooks';
import { KeyForm } from '../parts/key_form.tsx';
import { AccessContext, clientOf } from './access.ts';
import { forgetKey, keptKey } from './key.ts';

interface Props {
  links: { href: string; name: string; current: boolean }[];
  children: ComponentChildren;
}

const Bar = ({ links, children }: Props) => (
  <div class="bar">
    <div class="bar-in">
      <a class="brand" href={links[0]?.href ?? '.'}>
        Cloud Job Runner
      </a>
      <nav aria-label="Views">
        <ul class="links">
          {links.map(({ href, name, current }) => (
            <li key={name}>
              <a href={href} aria-current={current ? 'page' : undefined}>
                {name}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {children}
    </div>
  </div>
);

// A button, for the hash of a link would lead to another view.
const Skip = () => (
  <button type="button" class="skip" onClick={() => document.querySelector('h1')?.focus()}>
    Skip to the content
  </button>
);

export const Page = ({ links, children }: Props) => {
  const [key, setKey] = useState(keptKey);
  const [asked, setAsked] = useState(false);
  const onRefused = useCallback(() => {
    forgetKey();
    setKey(null);
    setAsked(true);
  }, []);
  const onKey = useCallback((given: string) => {
    setKey(given);
    setAsked(false);
  }, []);
  const access = useMemo(() => ({ client: clientOf(key), key, onRefused }), [key, onRefused]);
  return (
    <AccessContext.Provider value={access}>
      <Skip />
      <Bar links={links}>
        {key !== null && (
          <button type="button" class="quiet" onClick={onRefused}>
            Forget key
          </button>
        )}
      </Bar>
      <main id="main">{asked ? <KeyForm onKey={onKey} /> : children}</main>
    </AccessContext.Provider>
  );
};
