import { describe, expect, it } from 'vitest';
import { isPublicUrl } from '../../src/registry/public-address.ts';

describe('isPublicUrl', () => {
  it.each([
    'https://tools.example.com/openings',
    'http://8.8.8.8:8080/',
    'https://[2606:4700:4700::1111]/',
    'https://172.32.0.1/',
    'https://100.128.0.1/',
    'https://localhost.example.com/',
  ])('takes %s for public', (url) => {
    expect(isPublicUrl(url)).toBe(true);
  });

  it.each([
    'http://localhost:9000/',
    'http://LOCALHOST./',
    'http://api.localhost/',
    'http://printer.local/',
    'http://metadata.google.internal/',
    'http://intranet/',
    'http://127.0.0.1/',
    'http://127.1/',
    'http://2130706433/',
    'http://0x7f.0.0.1/',
    'http://0177.0.0.1/',
    'http://0.0.0.0/',
    'http://10.1.2.3/',
    'http://172.16.0.1/',
    'http://172.31.255.255/',
    'http://192.168.1.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://100.64.0.1/',
    'http://224.0.0.1/',
    'http://255.255.255.255/',
    'http://[::1]/',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[::ffff:8.8.8.8]/',
    'http://[fe80::1]/',
    'http://[fd00::1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://[2001:db8::1]/',
    'http://[ff02::1]/',
    'not a URL',
  ])('takes %s for private', (url) => {
    expect(isPublicUrl(url)).toBe(false);
  });
});
