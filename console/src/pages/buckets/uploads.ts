/** The uploads of one page: large files go in parts, so that none is held in memory. */
import type { S3Client } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { useMemo, useState } from "react";

import { TransferQueue, type Sending, type Transfer } from "./transfers";

const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 3;

export interface Transfers {
  list: Transfer[];
  send: (files: File[], prefix: string) => void;
  cancel: (id: number) => void;
}

export function useTransfers(s3: S3Client, bucket: string, onDone: () => void): Transfers {
  const [list, setList] = useState<Transfer[]>([]);
  const queue = useMemo(
    () =>
      new TransferQueue(
        (file, key, progress) => uploading(s3, bucket, file, key, progress),
        setList,
        onDone,
      ),
    [s3, bucket, onDone],
  );
  return {
    list,
    send: (files, prefix) => queue.send(files, prefix),
    cancel: (id) => queue.cancel(id),
  };
}

function uploading(
  s3: S3Client,
  bucket: string,
  file: File,
  key: string,
  progress: (bytes: number) => void,
): Sending {
  const params = {
    Bucket: bucket,
    Key: key,
    Body: file,
    ...(file.type ? { ContentType: file.type } : {}),
  };
  const upload = new Upload({ client: s3, partSize: PART_BYTES, queueSize: PARTS_AT_ONCE, params });
  upload.on("httpUploadProgress", ({ loaded }) => progress(loaded ?? 0));
  return { done: upload.done(), abort: () => void upload.abort() };
}
