// The behaviour of the Lambda function, from its sources.
import { behavesOn } from './behaviour.ts';
import { awsHost } from './hosts/aws.ts';
import { useFunctions } from './hosts/use_functions.ts';

// These take several processes each.
const same = 'nothing of it depends on how the function was bundled';

behavesOn(awsHost('Lambda, from its sources', useFunctions('source', ['aws'])), {
  'logs as much as LOG_LEVEL asks for': same,
  'leaves a job to the next invocation when job code ends the process': same,
  'leaves a job to the next invocation when it runs out of memory': same,
  'refuses another store than the one it was built for': 'the sources have every store',
});
