/** A user's MFA devices. */
import {
  DeactivateMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  ListMFADevicesCommand,
} from "@aws-sdk/client-iam";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { lazy, Suspense, useState } from "react";

import { useIam } from "../../aws/clients";
import { unlessMissing } from "../../aws/missing";
import { ConfirmDelete } from "../../parts/ConfirmDelete";
import { Copyable } from "../../parts/Copyable";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { useLoad } from "../../parts/useLoad";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { words } from "./words";

const EnrolDialog = lazy(() => import("./EnrolDialog"));

export function MfaDevices({ name }: { name: string }) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const [isEnrolling, setEnrolling] = useState(false);
  const [doomed, setDoomed] = useState<string | null>(null);
  const loaded = useLoad(`mfa ${name}`, async () => {
    const { MFADevices } = await iam.send(new ListMFADevicesCommand({ UserName: name }));
    return MFADevices ?? [];
  });
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={<Button onClick={() => setEnrolling(true)}>{say.assignMfa}</Button>}
        >
          {say.mfaDevices}
        </Header>
      }
    >
      <SpaceBetween size="s">
        <ErrorAlert error={loaded.error} onRetry={loaded.reload} />
        {loaded.data?.length === 0 && <Box color="text-body-secondary">{both.none}</Box>}
        {loaded.data?.map(({ SerialNumber = "" }) => (
          <SpaceBetween key={SerialNumber} direction="horizontal" size="s" alignItems="center">
            <Copyable text={SerialNumber} />
            <Button
              variant="inline-link"
              ariaLabel={`${say.deactivateMfa} ${SerialNumber}`}
              onClick={() => setDoomed(SerialNumber)}
            >
              {say.deactivateMfa}
            </Button>
          </SpaceBetween>
        ))}
      </SpaceBetween>
      {isEnrolling && (
        <Suspense fallback={null}>
          <EnrolDialog
            name={name}
            onClose={() => {
              setEnrolling(false);
              loaded.reload();
            }}
          />
        </Suspense>
      )}
      {doomed !== null && (
        <ConfirmDelete
          name={doomed.slice(doomed.lastIndexOf("/") + 1)}
          onClose={() => setDoomed(null)}
          onDelete={async () => {
            // A second try finds it deactivated already.
            await unlessMissing(
              iam.send(new DeactivateMFADeviceCommand({ UserName: name, SerialNumber: doomed })),
            );
            await iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: doomed }));
            setDoomed(null);
            loaded.reload();
          }}
        >
          {say.deactivateText}
        </ConfirmDelete>
      )}
    </Container>
  );
}
