"""What queries and jobs cost, from what AWS tells of them."""
