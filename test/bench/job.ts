// The job type that benches run: it does nothing.
import * as z from 'zod';
import { defineJob } from '../../src/core/definition.ts';

export const benchJob = defineJob({ type: 'bench', config: z.object({}), run: () => null });
