// The behaviour of the Lambda function, as it is bundled, under `serverless invoke local`.
import { behavesOn } from './behaviour.ts';
import { serverlessHost } from './hosts/serverless.ts';
import { useFunctions } from './hosts/use_functions.ts';

// Each call starts the whole command line, which takes seconds; the same bundle does all of these in
// aws_bundle.test.ts.
const slow = 'adds nothing to the bundle called directly';
const apart = 'each call is a process of its own, which ends with it';
const local = 'has a context of its own, without a deadline or ids';

behavesOn(serverlessHost('Lambda, by invoke local', useFunctions('bundle', ['aws'])), {
  'does no more than an input asks for': slow,
  'refuses a wrong input by field, value and expectation, and runs nothing': slow,
  'leaves in each execution what woke it, with its id': slow,
  'fails when settings are wrong, and names each': slow,
  'fails when its tables are newer than it, and says what to run': slow,
  'refuses another store than the one it was built for': slow,
  'logs one JSON object a line, with severity, message and trace': local,
  'logs as much as LOG_LEVEL asks for': slow,
  'executes each of 40 jobs once when invoked several times at once': slow,
  'does not let one invocation of a process wait for another': apart,
  'executes each job once when the same event comes twice, at once or later': slow,
  'counts the time that its store took to open': slow,
  'stops a job before the deadline, keeps its steps, and goes on with no retry used': local,
  'ends a job of 40 steps over several short invocations, each step run once': local,
  'survives an error thrown where nobody listens: that job failed, the next invocation goes on':
    apart,
  'survives a promise rejected where nobody listens: that job failed, the next invocation goes on':
    apart,
  'leaves a job to the next invocation when it is killed': apart,
  'leaves a job to the next invocation when job code ends the process': apart,
  'leaves a job to the next invocation when it runs out of memory': apart,
  'changes nothing with a job whose code held the process beyond its lock': apart,
  'changes nothing with a job that another one took while it was frozen': apart,
});
