/** A new virtual MFA device: a name, then its secret and two codes that it shows one after the other. */
import {
  CreateVirtualMFADeviceCommand,
  DeleteVirtualMFADeviceCommand,
  EnableMFADeviceCommand,
  type VirtualMFADevice,
} from "@aws-sdk/client-iam";
import Alert from "@cloudscape-design/components/alert";
import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import FormField from "@cloudscape-design/components/form-field";
import Input from "@cloudscape-design/components/input";
import Modal from "@cloudscape-design/components/modal";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";

import { useIam } from "../../aws/clients";
import { unlessMissing } from "../../aws/missing";
import { Copyable } from "../../parts/Copyable";
import { ErrorAlert } from "../../parts/ErrorAlert";
import { useAction } from "../../parts/useAction";
import { useDraft } from "../../parts/useDraft";
import { isOver } from "../../parts/useLoad";
import { useSession } from "../../session/SessionContext";
import { common } from "../../words/common";
import { useWords } from "../../words/language";
import { setupAddress } from "./mfa";
import { QrCode } from "./QrCode";
import { words } from "./words";

interface Props {
  /** The user's. */
  name: string;
  onClose: () => void;
}

export default function EnrolDialog({ name, onClose }: Props) {
  const say = useWords(words);
  const both = useWords(common);
  const iam = useIam();
  const action = useAction();
  // The device's number, so that one whose secret went with an ended session does not keep its name taken.
  const draft = useDraft(`MFA of ${name}`, { deviceName: name, serial: "" });
  const { deviceName, serial } = draft.value;
  const [device, setDevice] = useState<VirtualMFADevice | null>(null);
  const [first, setFirst] = useState("");
  const [second, setSecond] = useState("");
  const discard = async () => {
    if (serial === "") return;
    await unlessMissing(iam.send(new DeleteVirtualMFADeviceCommand({ SerialNumber: serial })));
  };
  const create = async () => {
    await discard();
    const made = await iam.send(
      new CreateVirtualMFADeviceCommand({ VirtualMFADeviceName: deviceName }),
    );
    setDevice(made.VirtualMFADevice ?? null);
    draft.write({ deviceName, serial: made.VirtualMFADevice?.SerialNumber ?? "" });
  };
  const enable = async () => {
    await iam.send(
      new EnableMFADeviceCommand({
        UserName: name,
        SerialNumber: device?.SerialNumber,
        AuthenticationCode1: first.trim(),
        AuthenticationCode2: second.trim(),
      }),
    );
    close();
  };
  const close = () => {
    draft.finish();
    onClose();
  };
  const giveUp = () => {
    if (serial === "") return close();
    action.run(async () => {
      try {
        await discard();
      } catch (error) {
        // That it may not be deleted is told, and closing again closes.
        if (!isOver(error)) draft.write({ deviceName, serial: "" });
        throw error;
      }
      close();
    });
  };
  const submit = () => {
    if (!action.isBusy) action.run(device === null ? create : enable);
  };
  return (
    <Modal
      visible
      header={say.assignMfa}
      closeAriaLabel={both.close}
      onDismiss={giveUp}
      footer={
        <Box float="right">
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" onClick={giveUp}>
              {both.cancel}
            </Button>
            <Button variant="primary" loading={action.isBusy} onClick={submit}>
              {device === null ? say.next : say.addMfa}
            </Button>
          </SpaceBetween>
        </Box>
      }
    >
      <form
        onSubmit={(happened) => {
          happened.preventDefault();
          submit();
        }}
      >
        <SpaceBetween size="m">
          <ErrorAlert error={action.error} />
          {device === null ? (
            <FormField label={say.deviceName} constraintText={say.deviceHint}>
              <Input
                value={deviceName}
                spellcheck={false}
                onChange={({ detail }) => draft.write({ deviceName: detail.value, serial })}
              />
            </FormField>
          ) : (
            <SpaceBetween size="m">
              <Secret name={name} device={device} />
              <Code label={say.firstCode} value={first} onChange={setFirst} />
              <Code label={say.secondCode} value={second} onChange={setSecond} />
            </SpaceBetween>
          )}
          {/* Enter sends a form of two fields only where it has a button. */}
          <button type="submit" hidden />
        </SpaceBetween>
      </form>
    </Modal>
  );
}

function Secret({ name, device }: { name: string; device: VirtualMFADevice }) {
  const say = useWords(words);
  const { account } = useSession().acting;
  const secret = new TextDecoder().decode(device.Base32StringSeed);
  return (
    <SpaceBetween size="s">
      <div>{say.scanText}</div>
      <QrCode text={setupAddress(name, account, secret)} label={say.qrCode} />
      <FormField label={say.secretKey}>
        <Copyable text={secret} />
      </FormField>
      <Alert type="info">{say.codesText}</Alert>
    </SpaceBetween>
  );
}

interface CodeProps {
  label: string;
  value: string;
  onChange: (value: string) => void;
}

function Code({ label, value, onChange }: CodeProps) {
  return (
    <FormField label={label}>
      <Input
        value={value}
        inputMode="numeric"
        autoComplete="one-time-code"
        onChange={({ detail }) => onChange(detail.value)}
      />
    </FormField>
  );
}
