// Names and what stands behind them; what is null is left out.
import type { ComponentChildren } from 'preact';

export type Fact = [name: string, value: ComponentChildren];

export const Facts = ({ facts }: { facts: Fact[] }) => (
  <dl class="facts">
    {facts
      .filter(([, value]) => value !== null && value !== undefined && value !== '')
      .map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
  </dl>
);
