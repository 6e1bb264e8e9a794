// From a timeline to the columns of a chart.
import { describe, expect, test } from '@jest/globals';
import type { TimelineAnswer } from '../../src/client/client.ts';
import {
  durationSeries,
  executionSeries,
  roundUp,
  slotSeries,
  totalsOf,
} from '../../src/dashboard/overview/series.ts';

const timeline: TimelineAnswer = {
  at: '2031-05-17T12:10:00.000Z',
  bucket_seconds: 3600,
  since: '2031-05-17T09:00:00.000Z',
  executions: [
    {
      from: '2031-05-17T10:00:00.000Z',
      status: 'success',
      count: 3,
      average_seconds: 2,
      longest_seconds: 4,
    },
    {
      from: '2031-05-17T10:00:00.000Z',
      status: 'failed',
      count: 1,
      average_seconds: 10,
      longest_seconds: 10,
    },
    {
      from: '2031-05-17T12:00:00.000Z',
      status: 'success',
      count: 2,
      average_seconds: 1,
      longest_seconds: 1,
    },
  ],
  slots: [{ from: '2031-05-17T11:00:00.000Z', status: 'missed', count: 7 }],
};

describe('the columns of a chart', () => {
  test('are one for each part of the time, also where nothing happened', () => {
    const { names, columns } = executionSeries(timeline);
    expect(columns.map(({ from }) => from.slice(11, 16))).toEqual([
      '09:00',
      '10:00',
      '11:00',
      '12:00',
    ]);
    const [success, failed] = [names.indexOf('success'), names.indexOf('failed')];
    expect(columns.map(({ values }) => [values[success], values[failed]])).toEqual([
      [0, 0],
      [3, 1],
      [0, 0],
      [2, 0],
    ]);
  });

  test('weigh the mean length by how many executions there were', () => {
    const { columns } = durationSeries(timeline);
    expect(columns.map(({ values }) => values)).toEqual([
      [0, 0],
      [4, 10],
      [0, 0],
      [1, 1],
    ]);
  });

  test('count nominal times of schedules', () => {
    const series = slotSeries(timeline);
    const totals = totalsOf(series);
    expect(totals[series.names.indexOf('missed')]).toBe(7);
    expect(totals.reduce((sum, each) => sum + each)).toBe(7);
  });

  test.each([
    [0, 1],
    [0.03, 0.04],
    [1, 1],
    [5, 6],
    [7, 8],
    [9, 10],
    [11, 20],
    [61, 80],
    [101, 200],
  ])('of at most %d stand under %d', (value, top) => {
    expect(roundUp(value)).toBeCloseTo(top, 10);
  });
});
