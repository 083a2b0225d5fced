/** The address that authenticator apps read from a QR code. */
export function setupAddress(user: string, account: string, secret: string): string {
  const label = encodeURIComponent(`Sekisho:${user}@${account}`);
  return `otpauth://totp/${label}?secret=${secret}&issuer=Sekisho`;
}
