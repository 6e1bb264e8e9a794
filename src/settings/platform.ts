// What a cloud platform says of itself in the environment of its functions.
export interface Platform {
  /** seconds a request may last, as Cloud Run says it; null = it does not */
  timeout_seconds: number | null;
  /** project whose traces log lines belong to; null = unknown */
  gcp_project: string | null;
  /** `Root=1-…;Parent=…;Sampled=1` of the present invocation of a Lambda function */
  xray_trace: string | null;
}

/** Read anew by each invocation: Lambda changes its trace between two. */
export const readPlatform = (env: Record<string, string | undefined> = process.env): Platform => {
  const seconds = Number(env.CLOUD_RUN_TIMEOUT_SECONDS ?? '');
  return {
    timeout_seconds: seconds > 0 ? seconds : null,
    gcp_project: env.GOOGLE_CLOUD_PROJECT || env.GCP_PROJECT || null,
    xray_trace: env._X_AMZN_TRACE_ID || null,
  };
};
