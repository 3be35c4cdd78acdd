// Finds a product, sells one, and watches its stock: go run ./example http://127.0.0.1:8080 [KEY]
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"

	catalogue "catalogue/clients/go"
)

func main() {
	client, ctx := catalogue.New(os.Args[1], append(os.Args, "")[2]), context.Background()
	found, err := client.Search(ctx, catalogue.SearchOptions{Q: "mug", PageSize: 1})
	if err != nil || len(found.Results) == 0 {
		log.Fatal("no mug is to be found: ", err)
	}
	product := found.Results[0].Product
	fmt.Println(product.Id, product.Name, product.StockQty)
	err = client.WatchAvailability(ctx, []string{product.Id}, func(event catalogue.Event) error {
		var level catalogue.StockLevel
		if err := json.Unmarshal(event.Data, &level); err != nil {
			return err
		}
		fmt.Println(event.Type, level.StockQty)
		if level.StockQty < product.StockQty {
			return catalogue.Stop
		}
		_, err := client.AdjustStock(ctx, product.Id, catalogue.AdjustStockRequest{Delta: -1}, catalogue.AdjustStockOptions{})
		return err
	})
	if err != nil {
		log.Fatal(err)
	}
	_, err = client.GetProduct(ctx, "no-such-product", catalogue.GetProductOptions{})
	var problem *catalogue.Error
	if errors.As(err, &problem) && problem.Reason == catalogue.ReasonProductNotFound {
		fmt.Println(problem.Reason, problem.RequestID)
	}
}
