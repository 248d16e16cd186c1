"""What readers of Gold see: tested versions only, published together and rolled back together."""
