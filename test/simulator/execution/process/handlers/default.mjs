export default async () => 'by default';
