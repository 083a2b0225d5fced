/** The AWS SDK's clients, made of whoever acts, for the endpoint that served this page. */
import { IAMClient } from "@aws-sdk/client-iam";
import { S3Client } from "@aws-sdk/client-s3";
import { useMemo } from "react";

import type { Credential } from "../api/signed";
import { useSession } from "../session/SessionContext";

/** What every client is configured with. */
export function configuration(credential: Credential) {
  return {
    endpoint: window.location.origin,
    region: "us-east-1",
    maxAttempts: 2,
    credentials: async () => {
      const { accessKeyId, secretAccessKey, sessionToken, expiration } = await credential();
      return { accessKeyId, secretAccessKey, sessionToken, expiration: new Date(expiration) };
    },
  };
}

export function useIam(): IAMClient {
  const { credential } = useSession().acting;
  return useMemo(() => new IAMClient(configuration(credential)), [credential]);
}

export function useS3(): S3Client {
  const { credential } = useSession().acting;
  return useMemo(
    () => new S3Client({ ...configuration(credential), forcePathStyle: true, followRegionRedirects: true }),
    [credential],
  );
}
