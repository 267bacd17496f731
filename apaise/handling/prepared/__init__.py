"""Words to a customer that were prepared by the product: a person looks at them first, for a while."""
