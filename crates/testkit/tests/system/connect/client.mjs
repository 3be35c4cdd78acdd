// The official client of Connect against the gateway at argv[2], with the contract in the file argv[3]: each line of
// output is a result. Both HTTP versions, both encodings, POST and GET.
import { readFileSync } from "node:fs";
import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createConnectTransport } from "@connectrpc/connect-node";

const [, , baseUrl, contract] = process.argv;
const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(contract)));
const service = (name) => registry.getService(name);

async function failure(call) {
  try {
    await call;
  } catch (error) {
    const { code, details } = ConnectError.from(error);
    return `${Code[code]} ${details.map((it) => it.debug?.reason ?? it.type).join()}`;
  }
  return "ok";
}

for (const httpVersion of ["1.1", "2"]) {
  for (const useBinaryFormat of [true, false]) {
    for (const useHttpGet of [true, false]) {
      const transport = createConnectTransport({
        baseUrl, httpVersion, useBinaryFormat, useHttpGet,
      });
      const catalogue = createClient(service("catalogue.v1.CatalogueService"), transport);
      const stock = createClient(service("catalogue.v1.StockService"), transport);
      const list = catalogue.listProducts({ pageSize: 2 });
      const ids = [];
      for await (const product of list) ids.push(product.id);
      const product = await catalogue.getProduct({ productId: ids[0] });
      console.log("product", product.id === ids[0], ids.length);
      const before = product.stockQty;
      const level = await stock.adjustStock({ productId: ids[0], delta: 1 });
      console.log("stock", level.stockQty - before);
      console.log("missing", await failure(catalogue.getProduct({ productId: "no-such" })));
      const untilLate = async () => {
        for await (const _ of stock.watchAvailability({ productIds: [ids[0]] }, { timeoutMs: 300 }));
      };
      console.log("late", await failure(untilLate()));
      for await (const answer of stock.watchAvailability({ productIds: [ids[0]] })) {
        console.log("watch", answer.levels[0].stockQty - before);
        break;
      }
      if (httpVersion === "2") {
        const transfer = createClient(service("catalogue.v1.TransferService"), transport);
        async function* rows() {
          yield { rows: [{ line: 1n, product: { id: `row-${useBinaryFormat}-${useHttpGet}`, name: "Row" } }] };
        }
        let created = 0n;
        for await (const answer of transfer.importProducts(rows())) created = answer.created;
        console.log("import", created > 0n);
      }
    }
  }
}
// The connections of HTTP/2 stay open.
process.exit(0);
