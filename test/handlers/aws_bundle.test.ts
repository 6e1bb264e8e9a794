// The behaviour of the Lambda function, as it is bundled.
import { behavesOn } from './behaviour.ts';
import { awsHost } from './hosts/aws.ts';
import { useFunctions } from './hosts/use_functions.ts';

behavesOn(awsHost('Lambda, as bundled', useFunctions('bundle', ['aws'])));
