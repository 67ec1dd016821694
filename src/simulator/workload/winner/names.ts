/** Ids and names of products, of the users who register them, and of customers. */
import { faker as english } from '@faker-js/faker/locale/en';
import { faker as french } from '@faker-js/faker/locale/fr';
import { below, hash32, seededRandom } from '../../random.ts';
import type { ProductDetails } from './event.ts';

const CUSTOMER_NAMES = 500;

export interface Names {
  productId(rank: number): string;
  product(rank: number): ProductDetails;
  image(rank: number, index: number): string;
  /** The origin of a user, the same whether as a merchant or as a photographer. */
  user(number: number): string;
  /** The origin of a customer, from a random number in [0, 1). */
  customer(random: number): string;
}

/**
 * Each is made when it is first needed, from a seed of its own, so that it is the same in any
 * order.
 */
export function createNames(
  seed: string,
  size: { readonly count: number; readonly products: number },
): Names {
  const productNumber = createNumbering(seed, 'product ids', size.products);
  const customers = Math.max(1, Math.ceil(size.count / 8));
  const customerNumber = createNumbering(seed, 'customer ids', customers);
  const userNumber = createNumbering(seed, 'user ids', 1);
  const products = new Map<number, ProductDetails>();
  const users = new Map<number, string>();
  const origins = new Map<number, string>();
  const customerNames = new Map<number, string>();

  return {
    productId: (rank) => String(productNumber(rank)),
    product: (rank) => once(products, rank, () => productDetails(seed, rank)),
    image: (rank, index) =>
      `https://images.hello-retail.example/${productNumber(rank)}/${index}.jpg`,
    user: (number) =>
      once(users, number, () => {
        const name = personName(seed, `user ${number}`);
        return `hello-retail/web-client-contribute/amzn2.${userNumber(number)}/${name}`;
      }),
    customer: (random) =>
      once(origins, Math.floor(random * customers), (customer) => {
        const named = customer % CUSTOMER_NAMES;
        const name = once(customerNames, named, () => personName(seed, `customer ${named}`));
        return `hello-retail/web-client-purchase-product/amzn1.${customerNumber(customer)}/${name}`;
      }),
  };
}

function once<T>(made: Map<number, T>, number: number, make: (number: number) => T): T {
  let value = made.get(number);
  if (value === undefined) {
    value = make(number);
    made.set(number, value);
  }
  return value;
}

/**
 * Maps 0, 1, 2 ... to distinct numbers of seven digits in no visible order, or of more digits if
 * `size` needs them: n * step + start, where step has no divisor in common with 9 * 10^k.
 */
function createNumbering(seed: string, label: string, size: number): (number: number) => number {
  const random = seededRandom(seed, label);
  const floor = 10 ** Math.max(6, Math.ceil(Math.log10(size / 9)));
  const range = 9 * floor;
  const step = 30 * (1 + below(random, 250_000)) + 7;
  const start = below(random, range);
  return (number) => floor + ((number * step + start) % range);
}

function productDetails(seed: string, rank: number): ProductDetails {
  english.seed(hash32(`${seed} product ${rank}`));
  return {
    brand: english.company.name(),
    name: english.commerce.productName(),
    description: english.commerce.productDescription(),
    category: english.commerce.department(),
  };
}

/** One person in eight has a French name, so that most histories contain letters beyond ASCII. */
function personName(seed: string, label: string): string {
  const hash = hash32(`${seed} ${label}`);
  const faker = hash % 8 === 0 ? french : english;
  faker.seed(hash);
  return `${faker.person.firstName()} ${faker.person.lastName()}`;
}
