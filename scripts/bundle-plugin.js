// A plugin of the Serverless Framework: bundles the function before it is packaged.
import { bundle } from './bundle.js';

export default class BundlePlugin {
  hooks = {
    'before:package:createDeploymentArtifacts': () => bundle(),
    'before:deploy:function:packageFunction': () => bundle(),
  };
}
