print("liaison-specimen")
